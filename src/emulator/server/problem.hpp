// The error documents of the gateway, Flow Service and the token services, thrown to refuse a
// request. They name headers, parameters and fields, never a value that may be secret.
#pragma once

#include <exception>
#include <string_view>

#include "emulator/server/message.hpp"

namespace bqconn::emulator {

class Refused : public std::exception {
  public:
    Refused(int status, Json document, Pairs headers = {})
        : status_(status), document_(std::move(document)), headers_(std::move(headers)) {}
    const char* what() const noexcept override { return "request refused"; }

    // Documents with a report contain the request id.
    Answer answer(std::string_view request_id) const;

  private:
    int status_;
    Json document_;
    Pairs headers_;
};

// {"error_code","message"}: the gateway, before any service is called. The first three digits of
// `code` are the status.
Refused gateway_problem(std::string_view code, std::string_view message);

// The newer Flow Service document. `code` is "1439-404", ending in the status; `report` is merged
// into the document's report.
Refused flow_problem(std::string_view code, std::string_view title, std::string_view message,
                     const Json& report = Json::object());

// flow_problem() titled "Invalid request".
Refused invalid_request(std::string_view code, std::string_view message,
                        const Json& report = Json::object());

// Schema Registry's document. `code` ends in the status.
Refused xdm_problem(std::string_view code, std::string_view title, std::string_view message);

// The older Flow Service document, {"errorMessage"}, for errors without a published number.
Refused older_problem(int status, std::string_view message);

// {"type":"/placeholder/type/uri","status","title","detail"}.
Refused placeholder_problem(int status, std::string_view title, std::string_view detail,
                            Pairs headers = {});

// {"error","error_description"} (RFC 6749).
Refused oauth_problem(int status, std::string_view error, std::string_view description);

// oauth_problem() for a code, an assertion or a refresh token that is refused.
Refused invalid_grant(std::string_view description);

}  // namespace bqconn::emulator
