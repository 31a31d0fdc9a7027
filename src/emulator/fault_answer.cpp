#include "bqconn/emulator/fault_answer.hpp"

#include "bqconn/emulator/bigquery_api.hpp"
#include "bqconn/emulator/bigquery_problem.hpp"
#include "bqconn/emulator/google_token.hpp"
#include "bqconn/emulator/ims.hpp"
#include "bqconn/emulator/problem.hpp"

namespace bqconn::emulator {
namespace {

constexpr auto html_page =
    "<html><head><title>Error</title></head>\n<body><h1>The page is temporarily unavailable</h1>"
    "</body></html>\n";

// The real services' document for `status`, if they have one.
Refused problem_of_status(int status) {
    switch (status) {
        case 401:
            return gateway_problem("401013", "Oauth token is not valid");
        case 403:
            return gateway_problem("403025", "Profile is not valid");
        case 404:
            return flow_problem("1101-404", "Resource not found",
                                "The requested resource is not found.");
        case 412:
            return flow_problem("1404-412", "Version not matching",
                                "The supplied version does not match the current version.");
        case 429:
            return gateway_problem("429050", "Too many requests");
        case 500:
            return flow_problem("1102-500", "Internal Error",
                                "An internal error has occurred. Please try again.");
        case 503:
            return flow_problem("1103-503", "Service Unavailable",
                                "The service is temporarily unavailable. Please try again.");
        case 504:
            return flow_problem("1104-504", "Gateway Timeout",
                                "A gateway timeout has occurred. Please try again.");
        default:
            return older_problem(status, "The emulator was told to answer so.");
    }
}

Answer answer_of_status(int status, std::string_view path, std::string_view request_id) {
    constexpr int first_redirect = 300;
    constexpr int first_error = 400;
    if (status < first_error) {
        Answer answer = json_answer(status, Json::object());
        if (status >= first_redirect) {
            // A client that follows it gets a 404, and its request is recorded.
            answer.headers.emplace_back("Location", "/redirected");
        }
        return answer;
    }
    if (path.starts_with(bigquery_api_path + "/")) {
        return bigquery_fault(status).answer(request_id);
    }
    if (path.starts_with(ims_path + "/") || path == google_token_path) {
        return oauth_problem(status, status < 500 ? "invalid_request" : "server_error",
                             "The emulator was told to answer so.")
            .answer(request_id);
    }
    return problem_of_status(status).answer(request_id);
}

Answer changed_answer(const Fault& fault, std::string_view path, std::string_view request_id,
                      const Answer& true_answer) {
    Answer answer;
    answer.status = fault.status;
    switch (fault.action) {
        case FaultAction::pass:
            return true_answer;
        case FaultAction::status:
            return answer_of_status(fault.status, path, request_id);
        case FaultAction::html:
            answer.headers.emplace_back("Content-Type", "text/html");
            answer.body = html_page;
            return answer;
        case FaultAction::empty:
            return answer;
        case FaultAction::reset:
            answer.status = 0;
            answer.delivery.reset = true;
            return answer;
        case FaultAction::truncate:
            answer = true_answer;
            answer.delivery.cut_off = fault.bytes;
            return answer;
    }
    return true_answer;
}

}  // namespace

Answer faulty_answer(const Fault& fault, std::string_view path, std::string_view request_id,
                     const Answer& true_answer) {
    Answer answer = changed_answer(fault, path, request_id, true_answer);
    answer.delivery.delay = fault.delay;
    if (!fault.retry_after.empty()) {
        answer.headers.emplace_back("Retry-After", fault.retry_after);
    }
    return answer;
}

}  // namespace bqconn::emulator
