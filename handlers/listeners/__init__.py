"""What comes from Slack: received, one service call, rendered."""
