"""Walks: the bot as a separate process between a local Slack and a local cloud; nothing is patched."""
