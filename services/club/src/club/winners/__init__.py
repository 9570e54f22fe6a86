"""Winners: the album a week decided on."""
