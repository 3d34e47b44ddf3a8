"""The playground's page: Slack and what is behind it, in a browser."""
