"""What is decided and done; knows no Slack."""
