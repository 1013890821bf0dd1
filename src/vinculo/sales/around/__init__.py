"""Who stands around a deal: the people who decide, the competitors, the colleagues who share its credit."""
