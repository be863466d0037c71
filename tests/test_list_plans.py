"""Every list of every register, for every role, order and filter, is read off an index (decision 0029)."""
