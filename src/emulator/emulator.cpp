#include "emulator/emulator.hpp"

#include <exception>
#include <optional>
#include <utility>

#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "emulator/platform/lake.hpp"
#include "emulator/platform/platform.hpp"
#include "emulator/server/journal.hpp"
#include "emulator/server/problem.hpp"

namespace bqconn::emulator {
namespace {

// True for every path that is not IMS or Google, including unknown ones.
bool is_platform_path(const std::string& path) {
    return !path.starts_with(ims_path + "/") && !path.starts_with(bigquery_api_path + "/") &&
           !path.starts_with(consent_path) && path != google_token_path;
}

// The match for each {} of `pattern`; none if `path` does not match.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
    const auto wanted = split(pattern, '/');
    const auto given = split(path, '/');
    if (wanted.size() != given.size()) {
        return std::nullopt;
    }
    std::vector<std::string> captures;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        std::string segment = percent_decode(given[i], false);
        if (wanted[i] == "{}" && !segment.empty()) {
            captures.push_back(std::move(segment));
        } else if (wanted[i] != segment) {
            return std::nullopt;
        }
    }
    return captures;
}

}  // namespace

Emulator::Emulator(Options options)
    : options_(std::move(options)), store_(options_), google_(options_), faults_(options_.faults) {
    for (const auto add_routes :
         {add_connection_routes, add_explore_routes, add_connection_spec_routes,
          add_dataflow_routes, add_catalog_routes, add_schema_registry_routes, add_data_prep_routes,
          add_export_routes, add_unserved_routes, add_sandbox_routes, add_ims_routes,
          add_consent_routes, add_google_token_routes, add_bigquery_routes}) {
        add_routes(routes_);
    }
    fill_lake(store_, options_);
}

Answer Emulator::answer(const Request& request) {
    const std::string request_id = crypto::random_hex(16);
    if (options_.record && is_platform_path(request.path)) {
        options_.record(record_line(request));
    }
    Answer answer = answer_or_fault(request, request_id);
    add_headers(answer, request_id);
    if (options_.log) {
        options_.log(log_line(request, answer, request_id));
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
    answer.headers.emplace_back("Date", http_date(options_.clock() + options_.date_shift));
}

Answer Emulator::answer_or_fault(const Request& request, const std::string& request_id) {
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
    Call call{.request = request,
              .options = options_,
              .store = store_,
              .google = google_,
              .dataflows = dataflows_};
    const Route* found = nullptr;
    std::string allowed;  // the methods of the path
    for (const Route& route : routes_) {
        const auto space = route.endpoint.find(' ');
        const std::string method = route.endpoint.substr(0, space);
        auto captures = match(route.endpoint.substr(space + 1), request.path);
        if (captures && method == request.method) {
            found = &route;
            call.captures = std::move(*captures);
            break;
        }
        if (captures) {
            allowed += (allowed.empty() ? "" : ", ") + method;
        }
    }
    if (found == nullptr ? request.path.starts_with("/data/") : found->access != Access::open) {
        call.client = check_gateway(call);
    }
    if (found == nullptr && allowed.empty()) {
        throw placeholder_problem(404, "NotFoundError", "There is no such path");
    }
    if (found == nullptr) {
        throw placeholder_problem(405, "MethodNotAllowedError",
                                  "The path does not support this method", {{"Allow", allowed}});
    }
    if (found->access == Access::sandbox) {
        call.sandbox = &check_sandbox(call);
        advance_dataflows(call);
    }
    return found->handler(call);
}

}  // namespace bqconn::emulator
