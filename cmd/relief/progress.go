package main

import (
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// sayEvery is how often progress is told where nobody can watch a bar.
const sayEvery = 3 * time.Second

// progress tells how far a long work is: a bar on a terminal, elsewhere a line now and then, because a bar fills a log file.
type progress struct {
	*settings
	what string
	bar  *progressbar.ProgressBar
	tty  bool
	said time.Time
}

func (s *settings) newProgress(what string) *progress {
	file, isFile := s.err.(*os.File)
	return &progress{settings: s, what: what, tty: isFile && term.IsTerminal(int(file.Fd())), said: time.Now()}
}

// tell is told how much of how much is done.
func (p *progress) tell(done, total int64) {
	switch {
	case p.tty && p.bar == nil:
		p.bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(p.err), progressbar.OptionSetDescription(p.what),
			progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond))
		fallthrough
	case p.tty:
		_ = p.bar.Set64(done) // a bar that cannot be drawn stops nothing
	case time.Since(p.said) >= sayEvery:
		p.said = time.Now()
		p.noticed("%s: %d of %d", p.what, done, total)
	}
}

// end takes the bar away.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
