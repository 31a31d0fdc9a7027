// What the answer to a call that changes something means: whether it was acted on, or that nobody
// can tell.
#pragma once

#include <string>
#include <string_view>

#include "bqconn/core/error.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::flow {

// Whether a call that was answered with a status was acted on.
enum class Applied { yes, no, unknown };

// `success` is the one status that says yes.
Applied classify_status(int status, int success);

// What was to be done, for the messages.
struct Operation {
    std::string_view code;        // "unknown.create"
    std::string_view participle;  // "created"
    std::string look;             // the command that shows what became of it
};

// The call left and no trustworthy answer came: it may have been acted on. Exit code `unknown`.
class OutcomeUnknown : public Error {
  public:
    // `what` continues "the request left, but …".
    OutcomeUnknown(const Operation& operation, const std::string& what, bool interrupted);

    // The run was stopped by a signal: there is no time to look.
    bool interrupted() const { return interrupted_; }

    // The same, with what looking has shown.
    OutcomeUnknown with(const std::string& seen) const;

  private:
    Operation operation_;
    std::string what_;
    bool interrupted_;
};

// Sends the call once; returns an answer whose status is `success`. Throws OutcomeUnknown, or the
// Error that says why nothing was done.
http::Response apply(FlowService& service, const Call& call, int success, const Operation& operation);

// The OutcomeUnknown of an answer that came but cannot be used.
OutcomeUnknown outcome_unknown(const Operation& operation, const http::Response& response,
                          const std::string& what);

}  // namespace bqconn::flow
