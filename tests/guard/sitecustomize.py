"""Python runs this file first in every process the tests start: the guard goes along."""

import network_guard

network_guard.install()
