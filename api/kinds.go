package api

import (
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// Codes of problems that the door itself finds; the others are the ledger's codes of refusals.
const (
	malformed     = "malformed"
	unauthorized  = "unauthorized"
	forbidden     = "forbidden"
	beyond        = "beyond-your-grants"
	lastWayIn     = "last-way-in"
	tokenKnown    = "token-known"
	stale         = "stale"
	noCondition   = "condition-required"
	busy          = "busy"
	closing       = "closing"
	unknown       = "outcome-unknown"
	timeout       = "timeout"
	tooLarge      = "too-large"
	tooMany       = "too-many-requests"
	headTooLarge  = "headers-too-large"
	notJSON       = "not-json"
	notAcceptable = "not-acceptable"
	wrongMethod   = "wrong-method"
	internal      = "internal"
)

// kind is a type of problem: its status, its name, when it is answered, and what to do about it.
type kind struct {
	status             int
	title, means, hint string
}

// kinds is the only table from codes to statuses. The codes are part of the contract: they are the last part of a problem's type.
// docs/problems.md is written from it.
var kinds = map[string]kind{
	ledger.Invalid: {
		422, "The request is not valid", "Something in the request is wrong by itself, whatever the book holds: a number that is none, a missing property, a date in the future.",
		"Correct what faults name and send it again; the key stays free.",
	},
	ledger.NotFound: {
		422, "The request names something that is not there", "A code or a document number in the request is not in the book, or not in what you may see. In an address it is answered with 404.",
		"Check the code, or create the record first.",
	},
	ledger.Insufficient: {
		409, "There is not enough", "A place or a bank account would go below zero, today or on a later day that is booked already.",
		"Take less, or book first what came in: there says what is there, asked what was asked.",
	},
	ledger.Expired: {
		409, "The goods have expired", "There are goods, but they have expired and may not be handed out or sent on.",
		"Write the expired goods off and take others.",
	},
	ledger.PeriodClosed: {
		409, "The period is closed", "The business date lies in a period that was closed.",
		"Use a date in an open period; a correction of a closed period is a reversal dated today.",
	},
	ledger.KeyReused: {
		409, "The key was used for something else", "The Idempotency-Key belongs to a request with other content; faults name the fields that differ.",
		"Send a new Idempotency-Key for a new request, and the same one only to repeat the same request.",
	},
	ledger.AlreadyDone: {
		409, "It has been done before", "What can be done once was done: a reversal, an approval, a close; or the code of a record is taken.",
		"Nothing is left to do; read what is there.",
	},
	ledger.MovedOn: {
		409, "It has been used since", "What would be undone or billed has gone on since: goods were handed out, money was paid.",
		"Reverse the later documents first, the latest first.",
	},
	ledger.NotOpen: {
		409, "It is not open on that date", "The location, fund or campaign does not exist yet on that date, or not any more.",
		"Use a date on which it is open, or change its dates.",
	},
	warehouse.NotEmpty: {
		409, "It still holds goods", "A point can be closed only when nothing is left in it, and a request only when nothing is reserved for it.",
		"Send the goods back, release them, or have them written off, then close it.",
	},
	ledger.SamePerson: {
		403, "Another person must do this", "The rule asks for two different people, and you are the first of them.",
		"Ask somebody else who may do it.",
	},
	warehouse.TwoPeople: {
		409, "It takes two people", "More would be given up of a waybill, or reported to have come over it, than one person alone may.",
		"Leave what is missing in transit and propose to close the waybill short, or count what came over, and let another person agree.",
	},
	ledger.FundNotAllowed: {
		409, "One fund may not silently pay for another", "The fund has too little there, and other funds have enough. Nothing is taken from them unasked.",
		"Record an interfund entry first, so that both funds show the debt, or take from the fund that holds it.",
	},

	malformed: {
		400, "The request cannot be read", "The body is no JSON object, has a property twice, is nested too deeply, or holds bytes that are no text.",
		"Send one JSON object in UTF-8 without control characters, each property once.",
	},
	unauthorized: {
		401, "A valid token is needed", "The token is missing, unknown, expired or revoked.",
		"Send the header 'Authorization: Bearer rl_…'; 'relief token create' makes a token.",
	},
	forbidden: {
		403, "This role may not do this", "The token is good, but its roles do not allow the operation, or only within bounds that it goes beyond.",
		"Ask an administrator for a grant, or somebody who has one to do it.",
	},
	beyond: {
		403, "Nobody gives more than they hold", "A grant would reach further than what you administer, or a token would act for an actor that holds more.",
		"Bind the grant to what you administer, or ask an administrator of the whole book.",
	},
	lastWayIn: {
		409, "The last way in stays open", "The token or the grant is the last that lets an administrator of the whole book in.",
		"Make another administrator with a token first, or rotate the token, then end this one.",
	},
	tokenKnown: {
		409, "Somebody else would hold a key to it", "The actor has a live token that was ordered by somebody who does not administer what the grant gives, and whoever ordered it may have its secret.",
		"Revoke the tokens that faults name, give the grant, then order new ones.",
	},
	wrongMethod: {
		405, "That method is not served here", "The address is served, but not with that method; the header Allow names those that are.",
		"Nothing is deleted or patched here: a document is undone by a reversal, a record is replaced with PUT.",
	},
	notAcceptable: {
		406, "The answer has no such form", "The header Accept names no form in which the answer can be given.",
		"Send Accept: application/json.",
	},
	timeout: {
		408, "The request took too long to arrive", "The body did not arrive within a minute. Nothing was written.",
		"Repeat with the same Idempotency-Key, or send fewer lines at once.",
	},
	stale: {
		412, "It has been changed since it was read", "If-Match names another version than the one that stands.",
		"Read it again, look at the change, and send If-Match with the new ETag.",
	},
	tooLarge: {
		413, "The request is too large", "The body is larger than 1 MiB, or 4 MiB for bulk. Nothing was written.",
		"Send fewer lines at once.",
	},
	notJSON: {
		415, "The body is not JSON", "The Content-Type of the body is not application/json.",
		"Send Content-Type: application/json.",
	},
	noCondition: {
		428, "If-Match is required", "A record is changed only by somebody who says which version was read.",
		"Read the object first and send its ETag as If-Match, so that nobody's change is lost.",
	},
	tooMany: {
		429, "Too many requests", "The token has sent more requests than its share, or too many wrong tokens came from its address. Nothing was written.",
		"Wait as many seconds as Retry-After says, then repeat with the same Idempotency-Key; bulk requests send many documents at once.",
	},
	headTooLarge: {
		431, "The headers are too large", "The address and the headers of the request are longer than 16 KiB together.",
		"Send fewer or shorter headers.",
	},
	internal: {
		500, "The server failed", "Something is wrong with the server, not with the request.",
		"Nothing tells what went wrong here; the server's log does, under the request id in instance.",
	},
	busy: {
		503, "The book is busy", "The queue of the book is full, or the database does not take writes now. Nothing was written.",
		"Repeat in a moment with the same Idempotency-Key.",
	},
	closing: {
		503, "The server is stopping", "The server finishes what it has begun and takes nothing new. Nothing was written.",
		"Repeat in a moment with the same Idempotency-Key.",
	},
	unknown: {
		503, "The outcome is not known", "The answer of the database was lost: the entry may stand or not.",
		"Repeat with the same Idempotency-Key: the answer then tells what became of it, and nothing is booked twice.",
	},
}

// absent is the not-found of a path: what the URL itself names is not there.
const (
	absentStatus = 404
	absentTitle  = "There is no such thing"
)
