"""Plans: what is done for a deal and when, promised with one click."""
