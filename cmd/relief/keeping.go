package main

import "github.com/spf13/cobra"

// keeping are the commands of keepers and officers: each one is a request to a server.
func (s *settings) keeping() []*cobra.Command {
	return []*cobra.Command{
		s.profileCommand(),
		s.register(items), s.register(locations), s.register(parties), s.register(funds), s.register(campaigns),
		s.receive(), s.transfer(), s.arrive(), s.recall(), s.closeShort(),
		s.handout(), s.takeBack(), s.writeOff(),
		s.contribute(), s.invoice(), s.freight(), s.pay(),
		s.record(), s.close(), s.reverse(), s.showDocument(),
	}
}
