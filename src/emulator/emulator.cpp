#include "bqconn/emulator/emulator.hpp"

#include <exception>
#include <utility>

#include "bqconn/crypto/encoding.hpp"
#include "bqconn/emulator/bigquery_api.hpp"
#include "bqconn/emulator/fault_answer.hpp"
#include "bqconn/emulator/flow_connections.hpp"
#include "bqconn/emulator/flow_dependants.hpp"
#include "bqconn/emulator/flow_explore.hpp"
#include "bqconn/emulator/flow_specs.hpp"
#include "bqconn/emulator/gateway.hpp"
#include "bqconn/emulator/google_consent.hpp"
#include "bqconn/emulator/google_consent_page.hpp"
#include "bqconn/emulator/google_token.hpp"
#include "bqconn/emulator/ims.hpp"
#include "bqconn/emulator/journal.hpp"
#include "bqconn/emulator/problem.hpp"
#include "bqconn/emulator/sandbox_management.hpp"

namespace bqconn::emulator {

namespace {

// True for every path that is not IMS or Google, including unknown ones.
bool is_platform_path(const std::string& path) {
    return !path.starts_with(ims_path + "/") && !path.starts_with(bigquery_api_path + "/") &&
           !path.starts_with(consent_path) && path != google_token_path;
}

}  // namespace

Emulator::Emulator(EmulatorOptions options)
    : options_(std::move(options)),
      store_(options_.clock, !options_.service.adobe.contains(AdobeFailure::no_basic)),
      google_(options_.clock, options_.identity, options_.service.google),
      credentials_(options_.service.test_results, options_.service.bad_credentials),
      faults_(options_.faults) {
    add_connection_routes(router_, store_, options_.identity, options_.service);
    add_explore_routes(router_, store_, credentials_, options_.service.bigquery);
    add_spec_routes(router_, options_.service);
    add_dependant_routes(router_, store_, options_.identity);
    add_sandbox_routes(router_, store_);
    add_ims_routes(router_, store_, options_.identity);
    add_google_consent_routes(router_, google_);
    add_google_token_routes(router_, google_);
    add_bigquery_api_routes(router_, google_, options_.service.bigquery);
}

void Emulator::set_url(const std::string& url) {
    google_.set_token_uri(url + google_token_path);
}

Answer Emulator::answer(const Request& request) {
    const std::string request_id = crypto::random_hex(16);
    if (options_.record && is_platform_path(request.path)) {
        options_.record(record_line(request));
    }
    std::string fault_text;
    Answer answer = answer_or_fault(request, request_id, fault_text);
    add_headers(answer, request_id);
    if (options_.log) {
        options_.log(log_line(request, answer, request_id, fault_text));
    }
    return answer;
}

Answer Emulator::answer_unreadable(int status) {
    const std::string request_id = crypto::random_hex(16);
    Answer answer = placeholder_problem(status, "BadRequestError", "The request could not be read")
                        .answer(request_id);
    add_headers(answer, request_id);
    if (options_.log) {
        options_.log("(unreadable request) " + std::to_string(status) + " " + request_id);
    }
    return answer;
}

void Emulator::add_headers(Answer& answer, const std::string& request_id) const {
    answer.headers.emplace_back("x-request-id", request_id);
    answer.headers.emplace_back("Date", http_date(options_.clock() + options_.service.date_shift));
}

Answer Emulator::answer_or_fault(const Request& request, const std::string& request_id,
                                 std::string& fault_text) {
    const Fault* fault = faults_.take(request.method, request.path);
    if (fault == nullptr) {
        return serve(request, request_id);
    }
    constexpr int first_error = 400;
    Answer true_answer;
    if (fault->apply || fault->action == FaultAction::pass ||
        fault->action == FaultAction::truncate) {
        true_answer = serve(request, request_id);
    }
    if (fault->apply && true_answer.status >= first_error) {
        faults_.give_back(fault);
        return true_answer;
    }
    fault_text = fault->text;
    return faulty_answer(*fault, request.path, request_id, true_answer);
}

Answer Emulator::serve(const Request& request, const std::string& request_id) {
    try {
        return dispatch(request);
    } catch (const Refused& refused) {
        return refused.answer(request_id);
    } catch (const std::exception&) {
        // A bug in the emulator. Drop the message: it may quote the request.
        return flow_problem("1400-500", "Internal Error",
                            "An internal error has occurred. Please try again.")
            .answer(request_id);
    }
}

Answer Emulator::dispatch(const Request& request) {
    const auto found = router_.find(request.method, request.path);
    const bool open = found.route != nullptr ? found.route->access == Access::open
                                             : !request.path.starts_with("/data/");
    Call call{request, {}, nullptr, found.captures};
    if (!open) {
        call.client = check_gateway(request, options_.identity, store_, options_.service.adobe);
    }
    if (found.route == nullptr && found.allowed.empty()) {
        throw placeholder_problem(404, "NotFoundError", "There is no such path");
    }
    if (found.route == nullptr) {
        throw placeholder_problem(405, "MethodNotAllowedError", "The path has no such method",
                                  {{"Allow", found.allowed}});
    }
    if (found.route->access == Access::sandbox) {
        call.sandbox = &check_sandbox(request, store_);
        check_permission(options_.service.adobe);
    }
    return found.route->handler(call);
}

}  // namespace bqconn::emulator
