"""Hospitality: applied for before money is spent, approved by amount, settled with invoice (S002-33, S000-29)."""
