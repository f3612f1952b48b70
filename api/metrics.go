package api

// metrics serves /metrics, in the text format of Prometheus: how much is done when is nobody's business but that of whoever watches the whole server.
func (d *Door) metrics(mux *guardedMux) {
	if d.Metrics != nil {
		mux.HandleFunc("GET /metrics", d.Metrics.ServeHTTP)
	}
}
