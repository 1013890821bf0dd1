"""The reference in docs/reference: read from the code, so that it cannot say anything else."""
