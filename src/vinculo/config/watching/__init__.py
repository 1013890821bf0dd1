"""What the operator sees: a line for each request, slow pages by name, figures for Prometheus."""
