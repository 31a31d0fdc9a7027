#include "bqconn/flow/change.hpp"

#include <array>
#include <chrono>
#include <stdexcept>

#include "bqconn/flow/connections.hpp"

namespace bqconn::flow {
namespace {

constexpr std::array look_again_after{std::chrono::seconds(1), std::chrono::seconds(2),
                                      std::chrono::seconds(4)};

Operation operation_on(const char* code, const char* participle, const std::string& id) {
    return {code, participle, "bqconn get " + id};
}

// Gone: the delete was acted on.
Removal look_for(FlowService& service, const std::string& id, const OutcomeUnknown& lost,
                 const Clock& clock) {
    std::string seen = "it is still there, so far";
    for (const auto delay : look_again_after) {
        if (!clock.pause(delay)) {
            throw lost.with("the run was stopped before it could be looked for");
        }
        try {
            read_connection(service, id);
            seen = "it is still there, so far";
        } catch (const Error& error) {
            if (error.code() == "not_found.connection") {
                return Removal::recovered;
            }
            if (error.code() == "interrupted") {
                throw lost.with(error.message());
            }
            seen = "looking for it failed: " + error.message();
        }
    }
    throw lost.with(seen);
}

}  // namespace

Stored update(FlowService& service, const std::string& id, const std::string& etag,
              const Change& change) {
    constexpr int changed = 200;
    const Operation operation = operation_on("unknown.update", "changed", id);
    const Call call{http::Method::patch, "/connections/" + id, update_body(change), etag};
    const http::Response response = apply(service, call, changed, operation);
    try {
        const Stored stored = read_stored(response);
        if (stored.id != id) {
            throw std::runtime_error("its id is another one");
        }
        return stored;
    } catch (const std::runtime_error& error) {
        throw outcome_unknown(operation, response,
                         "the answer (HTTP 200) cannot be used: " + std::string(error.what()));
    }
}

std::string_view name_of(Removal removal) {
    switch (removal) {
        case Removal::deleted:
            return "deleted";
        case Removal::absent:
            return "absent";
        case Removal::recovered:
            return "recovered";
    }
    return "";
}

Removal remove(FlowService& service, const std::string& id, const Clock& clock, bool recover) {
    constexpr int no_content = 204;
    const Operation operation = operation_on("unknown.delete", "deleted", id);
    try {
        apply(service, {http::Method::del, "/connections/" + id}, no_content, operation);
        return Removal::deleted;
    } catch (const OutcomeUnknown& lost) {
        if (lost.interrupted() || !recover) {
            throw;
        }
        return look_for(service, id, lost, clock);
    } catch (const Error& error) {
        if (error.code() == "not_found.connection") {
            return Removal::absent;
        }
        throw;
    }
}

}  // namespace bqconn::flow
