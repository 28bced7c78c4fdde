"""Questions to the release, one module a subject: the only place with SQL, in what both engines speak."""
