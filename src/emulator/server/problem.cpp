#include "emulator/server/problem.hpp"

#include <string>

namespace bqconn::emulator {

Answer Refused::answer(std::string_view request_id) const {
    Json document = document_;
    if (document.contains("report")) {
        document["report"]["request-id"] = request_id;
    }
    return json_answer(status_, document, headers_);
}

Refused gateway_problem(std::string_view code, std::string_view message) {
    return {std::stoi(std::string(code.substr(0, 3))),
            {{"error_code", code}, {"message", message}}};
}

namespace {

int status_of(std::string_view code) {
    return std::stoi(std::string(code.substr(code.rfind('-') + 1)));
}

}  // namespace

Refused flow_problem(std::string_view code, std::string_view title, std::string_view message,
                     const Json& report) {
    const int status = status_of(code);
    Json whole_report = {{"detailed-message", message}, {"request-id", ""}};
    whole_report.update(report);
    return {status,
            {{"type", "https://ns.adobe.com/aep/errors/FLOW-" + std::string(code)},
             {"title", title},
             {"status", status},
             {"report", whole_report},
             {"errorMessage", message},
             {"errorDetails", message}}};
}

Refused invalid_request(std::string_view code, std::string_view message, const Json& report) {
    return flow_problem(code, "Invalid request", message, report);
}

Refused xdm_problem(std::string_view code, std::string_view title, std::string_view message) {
    return {status_of(code),
            {{"type", "http://ns.adobe.com/aep/errors/XDM-" + std::string(code)},
             {"title", title},
             {"status", status_of(code)},
             {"report", {{"detailed-message", message}, {"sub-errors", Json::array()}}},
             {"detail", message}}};
}

Refused older_problem(int status, std::string_view message) {
    return {status, {{"errorMessage", message}}};
}

Refused placeholder_problem(int status, std::string_view title, std::string_view detail,
                            Pairs headers) {
    return {status,
            {{"type", "/placeholder/type/uri"},
             {"status", status},
             {"title", title},
             {"detail", detail}},
            std::move(headers)};
}

Refused oauth_problem(int status, std::string_view error, std::string_view description) {
    return {status, {{"error", error}, {"error_description", description}}};
}

Refused invalid_grant(std::string_view description) {
    return oauth_problem(400, "invalid_grant", description);
}

}  // namespace bqconn::emulator
