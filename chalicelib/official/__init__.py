"""The official report: the one place where a BSN is opened, for the police's own system and nobody else."""
