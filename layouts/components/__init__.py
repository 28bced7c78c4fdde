"""The few patterns that every page is made of; see ``docs/adding-a-page.md`` for a page written with them."""
