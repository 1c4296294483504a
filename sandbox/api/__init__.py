"""The Web API as an app calls it: `/api/<method>`, with Slack's errors, scopes and limits."""
