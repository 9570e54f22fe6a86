"""Who may see what somebody does."""

from typing import Literal

from contracts.event import Message, Request

# Everybody; whoever is signed in, and programs; nobody but oneself, bots, hosts and admins.
Audience = Literal["public", "members", "private"]


class Privacy(Message):
    """Who may see what somebody listens to, their taste, and how they rate."""

    listening: Audience = "public"
    taste: Audience = "public"
    ratings: Audience = "public"


class PrivacyIn(Request):
    """What is left out stays as it is."""

    listening: Audience = "public"
    taste: Audience = "public"
    ratings: Audience = "public"
