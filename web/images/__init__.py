"""Pictures of pages for where links are shared: made beside a release after it was published, and served as files."""
