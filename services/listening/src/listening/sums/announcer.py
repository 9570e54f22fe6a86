"""Says again how somebody's days were."""

from chassis.announcer import Announcer
from contracts.listening import ListeningDayChanged
from listening.models import Day
from listening.sums.announcing import states

announcer = Announcer(ListeningDayChanged, Day, states)
