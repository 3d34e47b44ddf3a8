"""Other engines doing the same work: one action, allowed on many resources named by pattern.

They read no RAM documents, so each gets the rules in its own language; each answers yes or no. They are
imported when used, because only the benchmarks' own environment has them.
"""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module

Decide = Callable[[str], bool]
"""May the action be done on this resource?"""
CASBIN_MODEL = """
[request_definition]
r = act, obj
[policy_definition]
p = act, obj
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.act == p.act && globMatch(r.obj, p.obj)
"""


def peers(action: str, patterns: Sequence[str]) -> Iterator[tuple[str, Decide]]:
    """Each peer by name, ready to decide."""
    for name, prepare in (("cedarpy", _cedarpy), ("casbin", _casbin), ("vakt", _vakt)):
        yield name, prepare(action, patterns)


def _cedarpy(action: str, patterns: Sequence[str]) -> Decide:
    """Parse once, as its documentation advises."""
    cedarpy = import_module("cedarpy")
    head = f'permit(principal, action == Action::"{action}", resource) when {{ context.id like '
    policies = cedarpy.PolicySet.from_str("\n".join(f'{head}"{pattern}" }};' for pattern in patterns))
    asked = {"principal": 'User::"U0ALICE"', "action": f'Action::"{action}"', "resource": 'Instance::"any"'}
    entities = cedarpy.Entities.from_json_str("[]")

    def decide(resource: str) -> bool:
        answer = cedarpy.is_authorized({**asked, "context": {"id": resource}}, policies, entities)
        return bool(answer.allowed)

    return decide


def _casbin(action: str, patterns: Sequence[str]) -> Decide:
    casbin = import_module("casbin")
    model = casbin.Model()
    model.load_model_from_text(CASBIN_MODEL)
    enforcer = casbin.Enforcer(model)
    enforcer.add_policies([[action, pattern] for pattern in patterns])
    return lambda resource: bool(enforcer.enforce(action, resource))


def _vakt(action: str, patterns: Sequence[str]) -> Decide:
    vakt, rules = import_module("vakt"), import_module("vakt.rules")
    storage = vakt.MemoryStorage()
    for number, pattern in enumerate(patterns):
        expression = "^" + ".*".join(pattern.split("*")) + "$"
        storage.add(
            vakt.Policy(
                number,
                actions=[rules.Eq(action)],
                resources=[rules.RegexMatch(expression)],
                subjects=[rules.Any()],
                effect=vakt.ALLOW_ACCESS,
            )
        )
    guard = vakt.Guard(storage, vakt.RulesChecker())
    return lambda resource: bool(
        guard.is_allowed(vakt.Inquiry(action=action, resource=resource, subject="U0ALICE"))
    )
