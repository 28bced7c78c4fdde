"""How one answer is got from the web: politely, within bounds, and judged before it is believed."""
