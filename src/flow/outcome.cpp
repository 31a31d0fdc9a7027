#include "bqconn/flow/outcome.hpp"

#include "bqconn/flow/problem.hpp"
#include "bqconn/http/answer.hpp"

namespace bqconn::flow {

Applied classify_status(int status, int success) {
    if (status == success) {
        return Applied::yes;
    }
    // A server that redirects the same request has not applied it; other redirects may follow a
    // write.
    if (status == 307 || status == 308) {
        return Applied::no;
    }
    return status >= 400 && status < 500 && status != 408 ? Applied::no : Applied::unknown;
}

OutcomeUnknown::OutcomeUnknown(const Operation& operation, const std::string& what,
                               bool interrupted)
    : Error(ExitCode::unknown, std::string(operation.code),
            "the connection may or may not have been " + std::string(operation.participle) +
                ": the request was sent, but " + what,
            "check before you run it again: " + operation.look),
      operation_(operation),
      what_(what),
      interrupted_(interrupted) {}

OutcomeUnknown OutcomeUnknown::with(const std::string& seen) const {
    OutcomeUnknown more(operation_, what_ + "; " + seen, interrupted_);
    if (status()) {
        more.set_answer(*status(), request_id());
    }
    return more;
}

OutcomeUnknown outcome_unknown(const Operation& operation, const http::Response& response,
                               const std::string& what) {
    OutcomeUnknown error(operation, what, false);
    error.set_answer(response.status, http::request_id_of(response));
    return error;
}

http::Response apply(FlowService& service, const Call& call, int success,
                     const Operation& operation) {
    http::Response response;
    try {
        response = service.send(call);
    } catch (const http::TransportError& error) {
        if (error.sent() == http::Sent::no) {
            throw;
        }
        throw OutcomeUnknown(operation, error.message(), error.code() == code::interrupted);
    }
    switch (classify_status(response.status, success)) {
        case Applied::no:
            throw error_of(response);
        case Applied::unknown:
            throw outcome_unknown(operation, response,
                                  "the service responded: " + error_of(response).message());
        case Applied::yes:
            break;
    }
    return response;
}

}  // namespace bqconn::flow
