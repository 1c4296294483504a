"""What a person can do in Slack, each as one function: the page and the tests' driver both call these."""
