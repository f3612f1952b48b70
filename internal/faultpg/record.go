package faultpg

import "bytes"

// Record keeps the messages of the program from now on, as they are on the wire, until the function that it answers with gives them out.
// One recording at a time.
func (p *Proxy) Record() (end func() [][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.recording, p.record = true, nil
	return func() [][]byte {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.recording = false
		return p.record
	}
}

func (p *Proxy) heard(side Side, message []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.recording && side == Frontend {
		p.record = append(p.record, bytes.Clone(message))
	}
}

// RoundTrips is how often a program that sent these messages waited for an answer: a simple query is answered by itself, the
// messages of the extended protocol when a Sync ends them.
func RoundTrips(messages [][]byte) int {
	trips := 0
	for _, m := range messages {
		if m[0] == 'Q' || m[0] == 'S' {
			trips++
		}
	}
	return trips
}
