#include "bqconn/flow/outcome.hpp"

#include <array>
#include <chrono>

#include "bqconn/http/answer.hpp"

namespace bqconn::flow {

std::string_view name_of(Outcome outcome) {
    constexpr std::array<std::string_view, 6> names{"created", "existing", "updated",
                                                    "deleted", "absent",   "recovered"};
    return names.at(static_cast<std::size_t>(outcome));
}

Applied classify_status(int status, int success) {
    if (status == success || (success == any_success && status >= 200 && status < 300)) {
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
            std::string(operation.object) + " may or may not have been " +
                std::string(operation.participle) + ": the request was sent, but " + what,
            operation.hint.empty() ? "check before you run the command again: " + operation.look
                                   : operation.hint),
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
    const Applied applied = classify_status(response.status, success);
    if (applied == Applied::no) {
        throw error_of(call, response);
    }
    if (applied == Applied::unknown) {
        throw outcome_unknown(operation, response,
                              "the service responded: " + error_of(call, response).message());
    }
    return response;
}

void look_until_found(const OutcomeUnknown& lost, const Clock& clock,
                      const std::function<bool(std::string& seen)>& look) {
    using std::chrono::seconds;
    std::string seen;
    for (const auto delay : {seconds(1), seconds(2), seconds(4)}) {
        if (!clock.pause(delay)) {
            throw lost.with("the run was interrupted before bqconn could look for it");
        }
        try {
            if (look(seen)) {
                return;
            }
        } catch (const OutcomeUnknown&) {
            throw;
        } catch (const Error& error) {
            if (error.code() == code::interrupted) {
                throw lost.with(error.message());
            }
            seen = "looking for it failed: " + error.message();
        }
    }
    throw lost.with(seen);
}

}  // namespace bqconn::flow
