#include "bqconn/emulator/store.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "bqconn/crypto/encoding.hpp"
#include "bqconn/emulator/adobe_token.hpp"

namespace bqconn::emulator {
namespace {

std::vector<Sandbox> make_sandboxes(bool basic) {
    return {{random_uuid(), "prod", "Production", "production", "VA7", true, basic},
            {random_uuid(), "dev", "Development", "development", "VA7", false, basic},
            {random_uuid(), "aws-dev", "Development on AWS", "development", "VA6", false, basic}};
}

auto has_id(std::string_view sandbox_id, std::string_view id) {
    return [=](const ResourcePointer& resource) {
        return resource->id == id && resource->sandbox_id == sandbox_id;
    };
}

}  // namespace

std::string random_uuid() {
    std::string hex = crypto::random_hex(16);
    hex[12] = '4';
    hex[16] = "89ab"[static_cast<unsigned char>(hex[16]) % 4];
    return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
           hex.substr(16, 4) + "-" + hex.substr(20);
}

std::string random_etag() {
    return "\"" + crypto::random_hex(4) + "-0000-0200-0000-" + crypto::random_hex(4) + "0000\"";
}

Store::Store(Clock clock, bool basic)
    : clock_(std::move(clock)), sandboxes_(make_sandboxes(basic)) {
    for (const Kind kind : {Kind::connection, Kind::source_connection, Kind::flow}) {
        resources_[kind];
    }
}

std::string Store::issue_token(const std::string& client_id, const std::string& scopes) {
    std::string token = adobe_token({client_id, scopes, now()});
    const std::lock_guard lock(mutex_);
    tokens_[token] = {client_id, clock_() + token_lifetime};
    return token;
}

std::optional<std::string> Store::client_of_token(const std::string& token) const {
    const std::lock_guard lock(mutex_);
    const auto found = tokens_.find(token);
    if (found == tokens_.end() || found->second.expires_at <= clock_()) {
        return std::nullopt;
    }
    return found->second.client_id;
}

const Sandbox* Store::find_sandbox(std::string_view name) const {
    const auto found = std::find_if(sandboxes_.begin(), sandboxes_.end(),
                                    [&](const Sandbox& sandbox) { return sandbox.name == name; });
    return found == sandboxes_.end() ? nullptr : &*found;
}

std::int64_t Store::now() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock_().time_since_epoch())
        .count();
}

ResourcePointer Store::add(Kind kind, Resource resource) {
    const std::lock_guard lock(mutex_);
    if (resource.id.empty()) {
        resource.id = random_uuid();
    }
    if (resource.etag.empty()) {
        resource.etag = random_etag();
    }
    if (resource.created_at == 0) {
        resource.created_at = now();
        resource.updated_at = resource.created_at;
    }
    auto added = std::make_shared<const Resource>(std::move(resource));
    resources_[kind].push_back(added);
    return added;
}

std::vector<ResourcePointer> Store::list(Kind kind, const Sandbox& sandbox) const {
    std::vector<ResourcePointer> found;
    const std::lock_guard lock(mutex_);
    const auto& all = resources_.at(kind);
    found.reserve(all.size());
    std::copy_if(all.begin(), all.end(), std::back_inserter(found),
                 [&](const auto& resource) { return resource->sandbox_id == sandbox.id; });
    return found;
}

ResourcePointer Store::find(Kind kind, const Sandbox& sandbox, std::string_view id) const {
    const std::lock_guard lock(mutex_);
    const auto& all = resources_.at(kind);
    const auto found = std::find_if(all.begin(), all.end(), has_id(sandbox.id, id));
    return found == all.end() ? nullptr : *found;
}

ResourcePointer Store::replace(Kind kind, Resource changed) {
    const std::lock_guard lock(mutex_);
    auto& all = resources_.at(kind);
    const auto found = std::find_if(all.begin(), all.end(), has_id(changed.sandbox_id, changed.id));
    if (found == all.end() || (*found)->etag != changed.etag) {
        return nullptr;
    }
    changed.etag = random_etag();
    // Always later, even if the clock has not advanced, so that the change is visible.
    changed.updated_at = std::max(now(), (*found)->updated_at + 1);
    *found = std::make_shared<const Resource>(std::move(changed));
    return *found;
}

Removal Store::remove(Kind kind, const Sandbox& sandbox, std::string_view id) {
    const std::lock_guard lock(mutex_);
    auto& all = resources_.at(kind);
    const auto found = std::find_if(all.begin(), all.end(), has_id(sandbox.id, id));
    if (found == all.end()) {
        return Removal::unknown;
    }
    if (in_use(kind, id)) {
        return Removal::in_use;
    }
    all.erase(found);
    return Removal::removed;
}

bool Store::in_use(Kind kind, std::string_view id) const {
    std::set<std::string> sources;
    if (kind == Kind::source_connection) {
        sources.emplace(id);
    } else if (kind == Kind::connection) {
        for (const auto& source : resources_.at(Kind::source_connection)) {
            if (json::string_at(source->members, "baseConnectionId") == id) {
                sources.insert(source->id);
            }
        }
    }
    const auto& flows = resources_.at(Kind::flow);
    return std::any_of(flows.begin(), flows.end(), [&](const auto& flow) {
        const Json& ids = flow->members.at("sourceConnectionIds");
        return std::any_of(ids.begin(), ids.end(), [&](const Json& source) {
            return sources.count(source.template get<std::string>()) > 0;
        });
    });
}

}  // namespace bqconn::emulator
