"""A seeded generator of realistic extracts with planted, written-down truths."""
