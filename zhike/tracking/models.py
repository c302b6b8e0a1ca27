"""Tracking: contact plans, journals, four fixes, relation measures."""
