#include "bqconn/flow/change.hpp"

#include <array>
#include <chrono>
#include <stdexcept>

#include "bqconn/flow/connections.hpp"

namespace bqconn::flow {
namespace {

constexpr std::array look_delays{std::chrono::seconds(1), std::chrono::seconds(2),
                                 std::chrono::seconds(4)};

Operation operation_on(const char* code, const char* participle, const std::string& id) {
    return {code, participle, "bqconn get " + id};
}

// If the connection is gone, the delete was applied.
Removal check_removal(FlowService& service, const std::string& id, const OutcomeUnknown& lost,
                      const Clock& clock) {
    std::string seen = "it still exists";
    for (const auto delay : look_delays) {
        if (!clock.pause(delay)) {
            throw lost.with("the run was interrupted before bqconn could look for it");
        }
        try {
            read_connection(service, id);
            seen = "it still exists";
        } catch (const Error& error) {
            if (error.code() == code::connection_not_found) {
                return Removal::recovered;
            }
            if (error.code() == code::interrupted) {
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
            throw std::runtime_error("its id is different");
        }
        return stored;
    } catch (const std::runtime_error& error) {
        throw outcome_unknown(operation, response,
                              "the response (HTTP 200) is invalid: " + std::string(error.what()));
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
        return check_removal(service, id, lost, clock);
    } catch (const Error& error) {
        if (error.code() == code::connection_not_found) {
            return Removal::absent;
        }
        throw;
    }
}

}  // namespace bqconn::flow
