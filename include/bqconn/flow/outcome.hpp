// Decides whether a change was applied, from its response or, after a lost one, by looking.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "bqconn/core/clock.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::flow {

// What became of a change. `recovered`: the response was lost, but looking showed that it was
// applied. `absent`: there was nothing to delete.
enum class Outcome { created, existing, updated, deleted, absent, recovered };

std::string_view name_of(Outcome outcome);

// Whether a call was applied.
enum class Applied { yes, no, unknown };

inline constexpr int any_success = 0;  // any 2xx, where documentation and service disagree

// `success` is the only status that means yes, unless it is any_success.
Applied classify_status(int status, int success);

// Describes a change in messages.
struct Operation {
    std::string_view code;        // "unknown.create"
    std::string_view object;      // "the connection"
    std::string_view participle;  // "created"
    std::string look;             // the command that shows the outcome
    std::string hint = {};        // replaces the advice to use `look`
};

// The call was sent without a reliable response: it may have been applied. Exit code `unknown`.
class OutcomeUnknown : public Error {
  public:
    // `what` continues "the request was sent, but …".
    OutcomeUnknown(const Operation& operation, const std::string& what, bool interrupted);

    // A signal stopped the run, so there is no time to look.
    bool interrupted() const { return interrupted_; }

    // The same, with the result of looking for the object.
    OutcomeUnknown with(const std::string& seen) const;

  private:
    Operation operation_;
    std::string what_;
    bool interrupted_;
};

// Sends the call once; returns a response with that success status. Throws OutcomeUnknown, or an
// Error that says why nothing was done.
http::Response apply(FlowService& service, const Call& call, int success,
                     const Operation& operation);

// The OutcomeUnknown for an invalid response.
OutcomeUnknown outcome_unknown(const Operation& operation, const http::Response& response,
                               const std::string& what);

// What was last seen after a lost deletion: the service may still be deleting the object.
inline constexpr char still_existed[] = "it still existed when last checked";

// Looks after a lost response: after 1, 2 and 4 more seconds, until `look` returns true. Otherwise
// throws `lost` with what was last seen: what `look` wrote, or the Error that it threw. An
// OutcomeUnknown ends the search.
void look_until_found(const OutcomeUnknown& lost, const Clock& clock,
                      const std::function<bool(std::string& seen)>& look);

}  // namespace bqconn::flow
