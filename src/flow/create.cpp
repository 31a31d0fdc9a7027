#include "bqconn/flow/create.hpp"

#include <stdexcept>

#include "bqconn/core/text.hpp"
#include "bqconn/flow/problem.hpp"
#include "bqconn/http/answer.hpp"

namespace bqconn::flow {
namespace {

OutcomeUnknown unknown_by(const http::Response& response, const std::string& what,
                          const std::string& name) {
    OutcomeUnknown error(what, name, false);
    error.set_answer(response.status, http::request_id_of(response));
    return error;
}

}  // namespace

Applied applied_by(int status) {
    if (status == 201) {
        return Applied::yes;
    }
    // A server that sends the same request elsewhere has not acted on it; other redirects may
    // follow an action.
    if (status == 307 || status == 308) {
        return Applied::no;
    }
    return status >= 400 && status < 500 && status != 408 ? Applied::no : Applied::unknown;
}

OutcomeUnknown::OutcomeUnknown(const std::string& what, const std::string& name, bool interrupted)
    : Error(ExitCode::unknown, "unknown.create",
            "the connection may or may not have been created: the request left, but " + what,
            "look before you run it again: bqconn list --name " + shell_quoted(name)),
      name_(name),
      what_(what),
      interrupted_(interrupted) {}

OutcomeUnknown OutcomeUnknown::with(const std::string& seen) const {
    OutcomeUnknown more(what_ + "; " + seen, name_, interrupted_);
    if (status()) {
        more.set_answer(*status(), request_id());
    }
    return more;
}

Stored create(FlowService& service, const connection::BaseConnection& connection) {
    http::Response response;
    try {
        response = service.send(http::Method::post, "/connections", create_body(connection));
    } catch (const http::TransportError& error) {
        if (error.sent() == http::Sent::no) {
            throw;
        }
        throw OutcomeUnknown(error.message(), connection.name, error.code() == "interrupted");
    }
    switch (applied_by(response.status)) {
        case Applied::no:
            throw error_of(response);
        case Applied::unknown:
            throw unknown_by(response, "the service answered: " + error_of(response).message(),
                             connection.name);
        case Applied::yes:
            break;
    }
    try {
        return read_stored(response);
    } catch (const std::runtime_error& error) {
        throw unknown_by(response,
                         "the answer (HTTP 201) cannot be used: " + std::string(error.what()),
                         connection.name);
    }
}

}  // namespace bqconn::flow
