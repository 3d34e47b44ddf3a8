"""The playground's page: Slack and what's behind it, in a browser."""
