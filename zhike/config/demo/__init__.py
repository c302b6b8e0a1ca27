"""The demonstration: one invented group, its mall complete. Made by calling the actions with a shifting moment."""
