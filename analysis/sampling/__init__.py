"""Acceptance sampling: plans, what they risk, draws, decisions and the switching rules."""
