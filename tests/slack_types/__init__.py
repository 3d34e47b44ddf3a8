"""Every payload that goes out or comes in, held against Slack's own types."""
