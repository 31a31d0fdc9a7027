#include "emulator/store/store.hpp"

#include <algorithm>
#include <array>

#include "bqconn/crypto/encoding.hpp"
#include "emulator/options.hpp"

namespace bqconn::emulator {
namespace {

// Such as "\"ca00acbf-0000-0200-0000-60149e1e0000\"", including the quotes.
std::string random_etag() {
    return "\"" + crypto::random_hex(4) + "-0000-0200-0000-" + crypto::random_hex(4) + "0000\"";
}

}  // namespace

std::string random_uuid() {
    std::string hex = crypto::random_hex(16);
    hex[12] = '4';
    hex[16] = "89ab"[static_cast<unsigned char>(hex[16]) % 4];
    for (const std::size_t at : {8U, 13U, 18U, 23U}) {
        hex.insert(at, "-");
    }
    return hex;
}

std::string collection_name(Kind kind) {
    constexpr auto names = std::to_array<const char*>(
        {"connections", "sourceConnections", "targetConnections", "flows", "runs", "dataSets",
         "batches", "schemas", "fieldgroups", "mappingSets"});
    return names.at(static_cast<std::size_t>(kind));
}

Store::Store(const Options& options) : options_(options), page_key_(crypto::random_hex(8)) {
    // The regions stay the same without Basic Authentication: a client must not rely on them alone.
    const Cloud azure = options.adobe.contains(AdobeFailure::no_basic) ? Cloud::aws : Cloud::azure;
    sandboxes_ = {{.name = "prod",
                   .title = "Production",
                   .type = "production",
                   .region = "VA7",
                   .is_default = true,
                   .cloud = azure},
                  {.name = "dev",
                   .title = "Development",
                   .type = "development",
                   .region = "VA7",
                   .cloud = azure},
                  {.name = "aws-dev",
                   .title = "Development on AWS",
                   .type = "development",
                   .region = "VA6",
                   .cloud = Cloud::aws}};
    for (Sandbox& sandbox : sandboxes_) {
        sandbox.id = random_uuid();
    }
}

std::int64_t Store::now() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               options_.clock().time_since_epoch())
        .count();
}

std::string Store::issue_token(const std::string& client_id, const std::string& scopes) {
    std::string token = adobe_token(client_id, scopes, now());
    tokens_.put(token, client_id, options_.clock() + token_lifetime);
    return token;
}

std::optional<std::string> Store::client_of_token(const std::string& token) const {
    return tokens_.find(token, options_.clock());
}

const Sandbox* Store::find_sandbox(std::string_view name) const {
    const auto found = std::ranges::find(sandboxes_, name, &Sandbox::name);
    return found == sandboxes_.end() ? nullptr : &*found;
}

ResourcePointer Store::Shelf::find(const std::string& id) const {
    const auto found = by_id.find(id);
    return found == by_id.end() ? nullptr : found->second;
}

ResourceList::iterator Store::Shelf::position(const ResourcePointer& resource) {
    return std::ranges::find(in_order, resource);
}

ResourcePointer Store::Shelf::put(const ResourcePointer& old, Json changed) {
    selections.clear();
    const auto stored = std::make_shared<const Json>(std::move(changed));
    *position(old) = stored;
    return by_id[stored->at("id")] = stored;
}

Store::Shelf& Store::shelf(Kind kind, const Sandbox& sandbox) const {
    return shelves_[{kind, sandbox.id}];
}

ResourcePointer Store::add(Kind kind, const Sandbox& sandbox, Json resource) {
    resource.emplace("id", random_uuid());
    resource.emplace("etag", random_etag());
    resource.emplace("version", resource.at("etag"));
    resource.emplace("createdAt", now());
    resource.emplace("updatedAt", resource.at("createdAt"));
    resource.update({{"sandboxId", sandbox.id}, {"sandboxName", sandbox.name}});
    const auto added = std::make_shared<const Json>(std::move(resource));
    const std::lock_guard lock(mutex_);
    Shelf& place = shelf(kind, sandbox);
    place.selections.clear();
    place.by_id[added->at("id")] = added;
    return place.in_order.emplace_back(added);
}

Page Store::page(Kind kind, const Sandbox& sandbox, const Selection& selection, std::size_t first,
                 std::size_t count) {
    constexpr std::size_t most_selections = 16;
    const std::lock_guard lock(mutex_);
    Shelf& place = shelf(kind, sandbox);
    const ResourceList* selected = &place.in_order;
    if (selection.select) {
        auto found = place.selections.find(selection.key);
        if (found == place.selections.end()) {
            if (place.selections.size() == most_selections) {
                place.selections.clear();
            }
            found = place.selections.emplace(selection.key, selection.select(place.in_order)).first;
        }
        selected = &found->second;
    }
    const auto part = slice(*selected, first, count);
    return {ResourceList(part.begin(), part.end()), selected->size()};
}

ResourcePointer Store::find(Kind kind, const Sandbox& sandbox, const std::string& id) const {
    const std::lock_guard lock(mutex_);
    return shelf(kind, sandbox).find(id);
}

ResourcePointer Store::replace(Kind kind, const Sandbox& sandbox, Json changed) {
    const std::lock_guard lock(mutex_);
    Shelf& place = shelf(kind, sandbox);
    const auto old = place.find(changed.at("id"));
    if (!old || old->at("etag") != changed.at("etag")) {
        return nullptr;
    }
    const std::string etag = random_etag();
    // Always later, even if the clock has not advanced, so that the change is visible.
    const std::int64_t time = std::max(now(), old->at("updatedAt").get<std::int64_t>() + 1);
    changed.update({{"etag", etag}, {"version", etag}, {"updatedAt", time}});
    return place.put(old, std::move(changed));
}

void Store::amend(Kind kind, const Sandbox& sandbox, const std::string& id, const Json& changes) {
    const std::lock_guard lock(mutex_);
    Shelf& place = shelf(kind, sandbox);
    if (const auto old = place.find(id)) {
        Json changed = *old;
        changed.update(changes);
        place.put(old, std::move(changed));
    }
}

Removal Store::remove(Kind kind, const Sandbox& sandbox, const std::string& id) {
    const std::lock_guard lock(mutex_);
    Shelf& place = shelf(kind, sandbox);
    const auto found = place.find(id);
    if (!found) {
        return Removal::unknown;
    }
    if (in_use(sandbox, id)) {
        return Removal::in_use;
    }
    place.selections.clear();
    place.in_order.erase(place.position(found));
    place.by_id.erase(id);
    return Removal::removed;
}

bool Store::in_use(const Sandbox& sandbox, const std::string& id) const {
    const auto is_wanted = [&](const Json& connection) {
        return json::string_at(connection, "id") == id ||
               json::string_at(json::member(connection, "baseConnection"), "id") == id;
    };
    return std::ranges::any_of(shelf(Kind::flow, sandbox).in_order, [&](const auto& flow) {
        const Json& used = json::member(*flow, "inheritedAttributes");
        return std::ranges::any_of(json::member(used, "sourceConnections"), is_wanted) ||
               std::ranges::any_of(json::member(used, "targetConnections"), is_wanted);
    });
}

bool Store::test_result(Next next) {
    const auto& results = options_.test_results;
    const std::lock_guard lock(mutex_);
    const bool result = results.empty() || results[tests_];
    if (next == Next::use_up && tests_ + 1 < results.size()) {
        ++tests_;
    }
    return result;
}

}  // namespace bqconn::emulator
