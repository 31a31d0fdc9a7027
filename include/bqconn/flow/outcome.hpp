// Decides whether a write was applied, from its response.
#pragma once

#include <string>
#include <string_view>

#include "bqconn/core/error.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::flow {

// Whether a call was applied.
enum class Applied { yes, no, unknown };

// `success` is the only status that means yes.
Applied classify_status(int status, int success);

// Describes the call in messages.
struct Operation {
    std::string_view code;        // "unknown.create"
    std::string_view participle;  // "created"
    std::string look;             // the command that shows the outcome
};

// The call was sent without a reliable response: it may have been applied. Exit code `unknown`.
class OutcomeUnknown : public Error {
  public:
    // `what` continues "the request was sent, but …".
    OutcomeUnknown(const Operation& operation, const std::string& what, bool interrupted);

    // A signal stopped the run, so there is no time to look.
    bool interrupted() const { return interrupted_; }

    // The same, with the result of looking for the connection.
    OutcomeUnknown with(const std::string& seen) const;

  private:
    Operation operation_;
    std::string what_;
    bool interrupted_;
};

// Sends the call once; returns a response with status `success`. Throws OutcomeUnknown, or an Error
// that says why nothing was done.
http::Response apply(FlowService& service, const Call& call, int success,
                     const Operation& operation);

// The OutcomeUnknown for an invalid response.
OutcomeUnknown outcome_unknown(const Operation& operation, const http::Response& response,
                               const std::string& what);

}  // namespace bqconn::flow
