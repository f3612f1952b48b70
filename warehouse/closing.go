package warehouse

import "reliefledger/ledger"

// PointClosing ends the life of a temporary point. It holds nothing any more, and nothing moves into it afterwards.
type PointClosing struct {
	Location string      `json:"location,omitempty" maxLength:"80" example:"PT-0031" doc:"The point; the path's where the path names one."`
	Reason   string      `json:"reason" minLength:"1" maxLength:"300" example:"end of the campaign"`
	On       ledger.Date `json:"on,omitempty" required:"false" example:"2024-01-02" doc:"Business date; today when absent."`
}
