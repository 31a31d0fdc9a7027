#include "bqconn/flow/outcome.hpp"

#include "bqconn/flow/problem.hpp"
#include "bqconn/http/answer.hpp"

namespace bqconn::flow {

Applied applied_by(int status, int success) {
    if (status == success) {
        return Applied::yes;
    }
    // A server that sends the same request elsewhere has not acted on it; other redirects may
    // follow an action.
    if (status == 307 || status == 308) {
        return Applied::no;
    }
    return status >= 400 && status < 500 && status != 408 ? Applied::no : Applied::unknown;
}

OutcomeUnknown::OutcomeUnknown(const Deed& deed, const std::string& what, bool interrupted)
    : Error(ExitCode::unknown, std::string(deed.code),
            "the connection may or may not have been " + std::string(deed.participle) +
                ": the request left, but " + what,
            "look before you run it again: " + deed.look),
      deed_(deed),
      what_(what),
      interrupted_(interrupted) {}

OutcomeUnknown OutcomeUnknown::with(const std::string& seen) const {
    OutcomeUnknown more(deed_, what_ + "; " + seen, interrupted_);
    if (status()) {
        more.set_answer(*status(), request_id());
    }
    return more;
}

OutcomeUnknown unknown_by(const Deed& deed, const http::Response& response,
                          const std::string& what) {
    OutcomeUnknown error(deed, what, false);
    error.set_answer(response.status, http::request_id_of(response));
    return error;
}

http::Response apply(FlowService& service, const Call& call, int success, const Deed& deed) {
    http::Response response;
    try {
        response = service.send(call);
    } catch (const http::TransportError& error) {
        if (error.sent() == http::Sent::no) {
            throw;
        }
        throw OutcomeUnknown(deed, error.message(), error.code() == "interrupted");
    }
    switch (applied_by(response.status, success)) {
        case Applied::no:
            throw error_of(response);
        case Applied::unknown:
            throw unknown_by(deed, response,
                             "the service answered: " + error_of(response).message());
        case Applied::yes:
            break;
    }
    return response;
}

}  // namespace bqconn::flow
