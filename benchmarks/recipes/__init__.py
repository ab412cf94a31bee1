"""Peers' recipes re-created from their papers, and the plan, on the same data, split and wall clock."""
