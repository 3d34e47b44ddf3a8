"""Every payload that goes out or comes in, checked against Slack's own types."""
