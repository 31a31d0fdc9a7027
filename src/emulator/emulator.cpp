#include "bqconn/emulator/emulator.hpp"

#include <exception>
#include <utility>

#include "bqconn/crypto/encoding.hpp"
#include "bqconn/emulator/flow_connections.hpp"
#include "bqconn/emulator/gateway.hpp"
#include "bqconn/emulator/ims.hpp"
#include "bqconn/emulator/problem.hpp"

namespace bqconn::emulator {

Emulator::Emulator(Identity identity, Clock clock)
    : identity_(std::move(identity)), store_(std::move(clock)) {
    add_connection_routes(router_, store_, identity_);
    add_ims_routes(router_, store_, identity_);
}

Answer Emulator::answer(const Request& request) {
    const std::string request_id = crypto::random_hex(16);
    Answer answer = serve(request, request_id);
    answer.headers.emplace_back("x-request-id", request_id);
    return answer;
}

Answer Emulator::serve(const Request& request, const std::string& request_id) {
    try {
        return dispatch(request);
    } catch (const Refused& refused) {
        return refused.answer(request_id);
    } catch (const std::exception&) {
        // A bug of the emulator. What went wrong may quote the request, so it is not passed on.
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
        call.client = check_gateway(request, identity_, store_);
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
    }
    return found.route->handler(call);
}

}  // namespace bqconn::emulator
