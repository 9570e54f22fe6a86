"""History: weeks that were over before the club kept them here, brought in from what was written then."""
