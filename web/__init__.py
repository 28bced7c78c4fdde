"""Plain HTTP around Dash: the server-first document, headers, compression, health."""
