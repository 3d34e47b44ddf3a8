"""Walks: the bot as a process of its own between a local Slack and a local cloud; nothing is patched."""
