"""The release of due messages, beside the no-op jobs of other queues."""
