"""The CPU budget: what is given up for it, when, and how it stands."""
